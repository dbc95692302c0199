const policy = ["default-src 'self'", "script-src 'self' 'unsafe-inline'", "style-src 'self' 'unsafe-inline'"]

export default {
  output: 'export',
  async headers() {
    return [
      {
        source: '/(.*)',
        headers: [{ key: 'Content-Security-Policy', value: policy.join('; ') }], // expect: CK504 "policy.join('; ')" stays; CK504 "policy.join('; ')" stays
      },
    ]
  },
}
