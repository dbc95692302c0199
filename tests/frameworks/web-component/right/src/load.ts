export function load(): Promise<unknown> {
  const script = document.createElement('script')
  script.src = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js'
  document.head.append(script)
  return customElements.whenDefined('openai-chatkit')
}
