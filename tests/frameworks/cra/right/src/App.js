import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { useCallback } from 'react';

const API = process.env.REACT_APP_CHATKIT_URL || 'http://localhost:8000/chatkit';

export default function App() {
  const keep = useCallback(({ threadId }) => {
    if (threadId) window.localStorage.setItem('board', threadId);
    else window.localStorage.removeItem('board');
  }, []);
  const chatkit = useChatKit({
    api: { url: API, domainKey: 'local-dev' },
    initialThread: window.localStorage.getItem('board'),
    disclaimer: { text: 'Answers may be wrong.' },
    startScreen: { greeting: 'Hello' },
    onThreadChange: keep,
  });

  return <ChatKit control={chatkit.control} style={{ height: '100vh' }} />;
}
