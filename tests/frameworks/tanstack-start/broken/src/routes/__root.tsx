import { HeadContent, Outlet, Scripts, createRootRoute } from '@tanstack/react-router'

export const Route = createRootRoute({
  head: () => ({
    meta: [{ charSet: 'utf-8' }, { title: 'Notes' }],
    scripts: [{ src: 'https://unpkg.com/@openai/chatkit@1.9.0/dist/index.js', async: true }], // expect: CK502 "https://unpkg.com/@openai/chatkit@1.9.0/dist/index.js"
  }),
  component: Root,
})

function Root() {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  )
}
