export default {
  title: 'Handbook',
  url: 'https://handbook.example',
  baseUrl: '/',
  presets: [['classic', { docs: false, blog: false }]],
  scripts: [{ src: 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js', async: true }],
  customFields: { chatkitUrl: process.env.CHATKIT_URL || 'http://localhost:8000/chatkit' },
};
