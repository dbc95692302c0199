import { ChatKit, useChatKit } from '@openai/chatkit-react'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({ component: Home })

function Home() {
  const chatkit = useChatKit({
    api: { url: '/api/chatkit', domainKey: '' }, // expect: CK402 "''" stays
    startScreen: { prompts: [{ title: 'Summarise', prompt: 'Summarise my notes' }] }, // expect: CK404 "title"
    onThreadChange: ({ threadId }) => {
      localStorage.setItem('thread', threadId!) // expect: CK410 "localStorage.setItem('thread', threadId!)"
    },
    initialThread: localStorage.getItem('thread'),
  })

  return (
    <>
      <button onClick={() => chatkit.setThreadId(undefined)}>New</button> // expect: CK419 "undefined"
      <ChatKit control={chatkit.control} style={{ height: 600 }} />
    </>
  )
}
