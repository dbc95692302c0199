import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { ChatKit, useChatKit } from '@openai/chatkit-react';
import React from 'react';

export default function Chat() {
  const { siteConfig } = useDocusaurusContext();
  const { control } = useChatKit({
    api: { url: siteConfig.customFields.chatkitUrl, domainKey: 'local-dev' },
    initialThread: sessionStorage.getItem('thread'),
    onThreadChange: ({ threadId }) => {
      threadId ? sessionStorage.setItem('thread', threadId) : sessionStorage.removeItem('thread');
    },
    theme: { colorScheme: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light' },
    startScreen: { prompts: [{ label: 'What is ROS?', prompt: 'What is ROS?', icon: 'book-open' }] },
  });
  return <ChatKit control={control} style={{ height: 500 }} />;
}
