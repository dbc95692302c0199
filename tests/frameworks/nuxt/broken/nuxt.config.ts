export default defineNuxtConfig({
  compatibilityDate: '2025-01-01',
  ssr: false,
  app: {
    head: {
      title: 'Lodge',
    },
  },
  runtimeConfig: {
    chatkitUrl: 'http://localhost:8000/chatkit',
    public: {},
  },
  vue: { compilerOptions: { isCustomElement: (tag) => tag === 'openai-chatkit' } },
})
