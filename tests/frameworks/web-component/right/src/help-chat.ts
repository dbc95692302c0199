import { LitElement, css, html } from 'lit'
import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit'
import { load } from './load'

export class HelpChat extends LitElement {
  static styles = css`openai-chatkit { display: block; height: 600px; }`

  private options: ChatKitOptions = {
    api: { url: 'http://localhost:8000/chatkit', domainKey: 'local-dev' },
    initialThread: localStorage.getItem('help'),
    startScreen: { prompts: [{ label: 'Start', prompt: 'Start' }] },
  }

  render() {
    return html`<openai-chatkit></openai-chatkit>`
  }

  async firstUpdated() {
    await load()
    const chat = this.renderRoot.querySelector<OpenAIChatKit>('openai-chatkit')!
    chat.addEventListener('chatkit.thread.change', ({ detail: { threadId } }) => {
      if (threadId) localStorage.setItem('help', threadId)
      else localStorage.removeItem('help')
    })
    chat.setOptions(this.options)
    chat.setOptions({ ...this.options, theme: 'dark' })
  }
}

customElements.define('help-chat', HelpChat)
