import { ChatKit, useChatKit } from '@openai/chatkit-react'
import { router, useLocalSearchParams } from 'expo-router'

export default function Home() {
  const { thread } = useLocalSearchParams<{ thread?: string }>()
  const chatkit = useChatKit({
    api: {
      url: process.env.EXPO_PUBLIC_CHATKIT_URL ?? 'http://localhost:8000/chatkit',
      domainKey: 'local-dev',
    },
    initialThread: thread ?? null,
    onThreadChange: ({ threadId }) => router.setParams({ thread: threadId ?? undefined }),
    startScreen: { prompts: [{ label: 'Hello', prompt: 'Hello', icon: 'sparkle' }] },
  })

  return <ChatKit control={chatkit.control} style={{ height: 600 }} />
}
