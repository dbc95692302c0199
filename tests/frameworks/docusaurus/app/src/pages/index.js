import BrowserOnly from '@docusaurus/BrowserOnly';
import Layout from '@theme/Layout';
import React from 'react';

export default function Home() {
  return (
    <Layout title="Ask">
      <BrowserOnly>
        {() => {
          const Chat = require('../components/Chat').default;
          return <Chat />;
        }}
      </BrowserOnly>
    </Layout>
  );
}
