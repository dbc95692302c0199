import { ChatKit, useChatKit } from "@openai/chatkit-react";

const url = process.env.CHATKIT_URL || "http://localhost:8000/chatkit"; // expect: CK420 "process.env.CHATKIT_URL"

export function Chat() {
  const { control, error } = useChatKit({ // expect: CK418 "error" stays; CK409 "useChatKit"; CK417 "useChatKit"
    api: { url }, // expect: CK401 "api"
    header: { title: "Desk" }, // expect: CK407 "\"Desk\""
    onError: (failure) => console.error(failure.message), // expect: CK421 "failure.message"
  });

  return <ChatKit control={control} className="chat" />; // expect: CK501 "<ChatKit"
}
