export default {
  title: 'Handbook',
  url: 'https://handbook.example',
  baseUrl: '/',
  presets: [['classic', { docs: false, blog: false }]],
}
