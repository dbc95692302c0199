import { ChatKit, useChatKit } from '@openai/chatkit-react'

export function Chat() {
  const chatkit = useChatKit({
    api: { // expect: CK401 "api"
      url: process.env.CHATKIT_URL ?? 'http://localhost:8000/chatkit', // expect: CK420 "process.env.CHATKIT_URL"
    },
    startScreen: {
      greeting: 'What is the plan?',
      prompts: [{ name: 'Plan my day', prompt: 'Plan my day', icon: '📅' }], // expect: CK404 "name"; CK405 "'📅'"
    },
    onThreadChange: (threadId) => { // expect: CK409 "onThreadChange"; CK421 "threadId"
      if (threadId) localStorage.setItem('thread', threadId)
    },
  })

  return <ChatKit control={chatkit} style={{ height: '100vh' }} /> // expect: CK414 "chatkit"
}
