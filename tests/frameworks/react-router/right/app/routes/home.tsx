import { ChatKit, useChatKit } from '@openai/chatkit-react'
import { useNavigate, useSearchParams } from 'react-router'

export default function Home() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const { control, sendCustomAction } = useChatKit({
    api: {
      url: import.meta.env.VITE_CHATKIT_URL ?? (import.meta.env.DEV ? 'http://localhost:8000/chatkit' : '/chatkit'),
      domainKey: 'local-dev',
    },
    initialThread: search.get('thread'),
    onThreadChange: (event) => navigate(event.threadId ? `?thread=${event.threadId}` : '.'),
    composer: { placeholder: 'Where to?' },
  })

  return (
    <>
      <button onClick={() => sendCustomAction({ type: 'book' })}>Book</button>
      <ChatKit control={control} style={{ height: 600 }} />
    </>
  )
}
