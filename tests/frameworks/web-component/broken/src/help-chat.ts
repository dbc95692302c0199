import { LitElement, css, html } from 'lit'
import type { OpenAIChatKit } from '@openai/chatkit'

export class HelpChat extends LitElement {
  static styles = css`openai-chatkit { display: block; height: 600px; }`

  render() {
    return html`<openai-chatkit></openai-chatkit>`
  }

  firstUpdated() {
    const chat = this.renderRoot.querySelector<OpenAIChatKit>('openai-chatkit')!
    chat.setOptions({ // expect: CK409 "setOptions" stays
      api: { url: 'http://localhost:8000/chatkit' }, // expect: CK401 "api"
      startScreen: { prompts: [{ name: 'Start', prompt: 'Start' }] }, // expect: CK404 "name"
    })
    chat.setOptions({ theme: 'dark' }) // expect: CK415 "setOptions" stays
  }
}

customElements.define('help-chat', HelpChat)
