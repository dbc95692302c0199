const cdn = 'https://cdn.platform.openai.com'
const policy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline' ${cdn}`,
  "style-src 'self' 'unsafe-inline'",
  `frame-src ${cdn}`,
  "connect-src 'self' http://localhost:8000 https://*.openai.com",
]

export default {
  output: 'export',
  async headers() {
    return [
      { source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: policy.join('; ') }] },
      { source: '/admin/(.*)', headers: [{ key: 'Content-Security-Policy', value: "default-src 'none'" }] },
    ]
  },
}
