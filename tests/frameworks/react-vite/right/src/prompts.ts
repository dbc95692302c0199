import type { StartScreenPrompt } from '@openai/chatkit'

export const PROMPTS: StartScreenPrompt[] = [{ label: 'Plan my day', prompt: 'Plan my day', icon: 'calendar' }]
