import { ChatKit, useChatKit } from '@openai/chatkit-react'

export default function Home() {
  const { control, sendAction } = useChatKit({ // expect: CK418 "sendAction"; CK409 "useChatKit"
    api: {
      url: import.meta.env.CHATKIT_URL ?? 'http://localhost:8000/chatkit', // expect: CK420 "import.meta.env.CHATKIT_URL"
      domainKey: 'local-dev',
    },
    composer: { placeholder: 'Where to?' },
    history: false, // expect: CK407 "false"
  })

  return (
    <>
      <button onClick={() => sendAction({ type: 'book' })}>Book</button>
      <ChatKit control={control} style={{ height: 600 }} /> // expect: CK501 "<ChatKit"
    </>
  )
}
