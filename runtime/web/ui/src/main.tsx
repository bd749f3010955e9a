/** Entry of the pages: theme, data, routes. */
import '@mantine/core/styles.css';
import { createTheme, MantineProvider, Text } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const theme = createTheme({ primaryColor: 'blue', defaultRadius: 'md' });

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Text>Podline</Text>
    </MantineProvider>
  </StrictMode>,
);
