import { ChatKit, useChatKit } from '@openai/chatkit-react';

export default function App() {
  const chatkit = useChatKit({ // expect: CK409 "useChatKit"
    api: {
      apiURL: process.env.CHATKIT_URL || 'http://localhost:8000/chatkit', // expect: CK403 "apiURL"; CK420 "process.env.CHATKIT_URL"
      domainKey: 'local-dev',
    },
    disclaimer: 'Answers may be wrong.', // expect: CK407 "'Answers may be wrong.'"
    newThreadView: { greeting: 'Hello' }, // expect: CK406 "newThreadView"
  });

  return <ChatKit control={chatkit.control} style={{ height: '100vh' }} />;
}
