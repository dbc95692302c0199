import { ChatKit, useChatKit } from '@openai/chatkit-react'

const KEY = 'shop-thread'

export default function Home() {
  const chatkit = useChatKit({
    api: { url: '/api/chatkit', domainKey: process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY || 'local-dev' },
    initialThread: typeof window === 'undefined' ? null : window.localStorage.getItem(KEY),
    onThreadChange({ threadId }) {
      if (threadId === null) window.localStorage.removeItem(KEY)
      else window.localStorage.setItem(KEY, threadId)
    },
    startScreen: { prompts: [{ label: 'Where is my parcel?', prompt: 'Where is my parcel?' }] },
    theme: { color: { accent: { primary: '#0a7', level: 1 } } },
  })

  return <ChatKit control={chatkit.control} style={{ height: 600 }} />
}
