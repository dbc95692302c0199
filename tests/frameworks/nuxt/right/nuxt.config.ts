export default defineNuxtConfig({
  compatibilityDate: '2025-01-01',
  ssr: false,
  app: {
    head: {
      title: 'Lodge',
      script: [{ src: 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js', defer: true }],
    },
  },
  runtimeConfig: {
    backendToken: '',
    public: { chatkitUrl: 'http://localhost:8000/chatkit' },
  },
  vue: { compilerOptions: { isCustomElement: (tag) => tag === 'openai-chatkit' } },
})
