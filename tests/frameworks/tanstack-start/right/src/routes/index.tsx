import { ChatKit, useChatKit } from '@openai/chatkit-react'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({
  component: Home,
  validateSearch: (search: Record<string, unknown>) => ({ thread: search.thread ? String(search.thread) : undefined }),
})

function Home() {
  const { thread } = Route.useSearch()
  const navigate = Route.useNavigate()
  const chatkit = useChatKit({
    api: { url: '/api/chatkit', domainKey: import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev' },
    startScreen: { prompts: [{ label: 'Summarise', prompt: 'Summarise my notes' }] },
    initialThread: thread ?? null,
    onThreadChange: ({ threadId }) => void navigate({ search: { thread: threadId ?? undefined } }),
  })

  return (
    <>
      <button onClick={() => chatkit.setThreadId(null)}>New</button>
      <ChatKit control={chatkit.control} style={{ height: 600 }} />
    </>
  )
}
