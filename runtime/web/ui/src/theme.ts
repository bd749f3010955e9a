/** The look of all pages: one accent colour, calm greys, small type. Light and dark; main.tsx hands it to Mantine. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const slate: MantineColorsTuple = [
  '#dde2ea',
  '#b3bcc9',
  '#8f9aa9',
  '#5c6675',
  '#39424f',
  '#2a323d',
  '#1b2129',
  '#12161c',
  '#0d1116',
  '#080b0f',
];

export const theme = createTheme({
  primaryColor: 'indigo',
  // White on it can be read, in the dark, too.
  primaryShade: 7,
  // Text on a filled accent is dark or light by its contrast.
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.35rem' }, h2: { fontSize: '1rem' } } },
  colors: { dark: slate },
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

/** Mantine's dimmed text is too pale to read on its own background. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566070',
    '--mantine-color-placeholder': '#68717f',
    '--podline-quiet': '#f6f7f9',
    '--podline-line': '#e4e7ec',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adba',
    '--mantine-color-placeholder': '#8f9aa9',
    '--podline-quiet': '#171c23',
    '--podline-line': '#262d37',
  },
});
