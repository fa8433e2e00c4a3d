// How the pages are built, and how `npm run dev` reaches a running suite.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const suite = process.env.ECUSTOMS_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: {
      '/graphql': { target: suite, ws: true },
      '/auth': suite,
      '/definitions': suite,
      '/docs': suite,
      '/movements': suite,
      '/openapi.json': suite,
      '/sandbox': suite,
    },
  },
});
