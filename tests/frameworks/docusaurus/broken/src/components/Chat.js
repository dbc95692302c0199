import { ChatKit, useChatKit } from '@openai/chatkit-react';
import React from 'react';

const API_URL = process.env.REACT_APP_API_URL || 'http://localhost:8000'; // expect: CK420 "process.env.REACT_APP_API_URL" stays

export default function Chat() {
  const { control } = useChatKit({ // expect: CK409 "useChatKit"
    api: { url: `${API_URL}/chatkit` }, // expect: CK401 "api"
    theme: { colorScheme: 'system' }, // expect: CK407 "'system'" stays
    startScreen: { prompts: [{ text: 'What is ROS?', prompt: 'What is ROS?', icon: 'robot' }] }, // expect: CK404 "text"; CK405 "'robot'"
  });
  return <ChatKit control={control} style={{ height: 500 }} />; // expect: CK501 "<ChatKit"
}
