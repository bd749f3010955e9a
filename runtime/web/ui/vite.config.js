// Builds the pages into dist, where the webserver finds them. `npm run build` calls it.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../../dist/runtime/web/public',
    emptyOutDir: true,
    // These know light-dark(), which we use for both schemes.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy of the pages allows no data: addresses for scripts and workers.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      output: {
        // What pages share comes as two files, not as fifty of a kilobyte each.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules/, minShareCount: 2 },
            { name: 'parts', test: /\/runtime\/|\/src\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  // For work on the pages: `npx vite runtime/web/ui` beside `npm start`.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
