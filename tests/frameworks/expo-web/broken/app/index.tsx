import { ChatKit, useChatKit } from '@openai/chatkit-react'

export default function Home() {
  const chatkit = useChatKit({ // expect: CK409 "useChatKit"
    api: {
      url: process.env.CHATKIT_URL ?? 'http://localhost:8000/chatkit', // expect: CK420 "process.env.CHATKIT_URL"
      domainKey: 'local-dev',
    },
    startScreen: { prompts: [{ label: 'Hello', prompt: 'Hello', icon: '👋' }] }, // expect: CK405 "'👋'"
  })

  return <ChatKit control={chatkit.control} style={{ height: 600 }} /> // expect: CK501 "<ChatKit"
}
