/** Entry of the pages: theme, data, routes, and the one stream of changes. */
// In a layer: our own styles win, in whatever order the files are bundled.
import '@mantine/core/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { client } from './api/client.ts';
import { openLive } from './live.ts';
import { isEntryPage } from './people/entryPages.ts';
import { reloadAfterUpgrade } from './reloadAfterUpgrade.ts';
import { router } from './router.ts';
import { theme, variables } from './theme.ts';

reloadAfterUpgrade();
if (!isEntryPage(window.location.pathname)) openLive(client);

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
