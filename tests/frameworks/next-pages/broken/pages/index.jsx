import { ChatKit, useChatKit } from '@openai/chatkit-react'

export default function Home() {
  const chatkit = useChatKit({ // expect: CK409 "useChatKit"
    api: { url: '/api/chatkit', domainKey: process.env.CHATKIT_DOMAIN_KEY }, // expect: CK420 "process.env.CHATKIT_DOMAIN_KEY" stays
    startScreen: { prompts: [{ label: 'Where is my parcel?' }] }, // expect: CK404 "label: 'Where is my parcel?'"
    theme: { color: { accent: { primary: '#0a7' } } }, // expect: CK408 "accent"
  })

  return <ChatKit control={chatkit} style={{ height: 600 }} /> // expect: CK501 "<ChatKit"; CK414 "chatkit"
}
