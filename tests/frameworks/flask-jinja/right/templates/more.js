theme: 'light',
