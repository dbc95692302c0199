"use client";

import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useSearchParams, useRouter } from "next/navigation";
import { Suspense } from "react";

const url = process.env.NEXT_PUBLIC_CHATKIT_URL || "http://localhost:8000/chatkit";

export function Chat() {
  return (
    <Suspense>
      <Panel />
    </Suspense>
  );
}

function Panel() {
  const router = useRouter();
  const thread = useSearchParams().get("thread");
  const { control } = useChatKit({
    api: { url, domainKey: process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY ?? "local-dev" },
    initialThread: thread,
    header: { title: { text: "Desk" } },
    onThreadChange: ({ threadId }) => router.replace(threadId ? `?thread=${threadId}` : "/"),
    onError: ({ error }) => console.error(error.message),
  });

  return <ChatKit control={control} className="chat" />;
}
