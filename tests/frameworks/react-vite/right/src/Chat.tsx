import { ChatKit, useChatKit, type UseChatKitOptions } from '@openai/chatkit-react'
import { useState } from 'react'
import { PROMPTS } from './prompts'

const url = import.meta.env.VITE_CHATKIT_URL || 'http://localhost:8000/chatkit'
const domainKey = import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev'

export function Chat() {
  const [threadId, setThreadId] = useState(() => localStorage.getItem('thread'))
  const options: UseChatKitOptions = {
    api: { url, domainKey },
    initialThread: threadId,
    startScreen: { greeting: 'What is the plan?', prompts: PROMPTS },
    onThreadChange: ({ threadId: id }) => {
      setThreadId(id)
      if (id) localStorage.setItem('thread', id)
      else localStorage.removeItem('thread')
    },
  }
  const { control, ...chatkit } = useChatKit(options)

  return (
    <>
      <button onClick={() => void chatkit.setThreadId(null)}>New</button>
      <ChatKit control={control} style={{ height: '100vh' }} />
    </>
  )
}
