import Script from "next/script";
import type { ReactNode } from "react";

const CHATKIT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Script src={CHATKIT} strategy="beforeInteractive" />
        {children}
      </body>
    </html>
  );
}
