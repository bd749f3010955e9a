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
    ...code({
      ...{ keyword: '#6d3cc4', string: '#17692f', constant: '#0b57a8', comment: '#5c6875' },
      ...{ function: '#8a3f00', parameter: '#1f2933', punctuation: '#39424f', link: '#0b57a8' },
    }),
  },
  dark: {
    '--mantine-color-dimmed': '#a3adba',
    '--mantine-color-placeholder': '#8f9aa9',
    '--podline-quiet': '#171c23',
    '--podline-line': '#262d37',
    ...code({
      ...{ keyword: '#c9adff', string: '#93d6a4', constant: '#8fc6ff', comment: '#9aa6b4' },
      ...{ function: '#f2b97c', parameter: '#dde2ea', punctuation: '#b3bcc9', link: '#8fc6ff' },
    }),
  },
});

/** Colours of code, as parts/code/colours.ts names them; readable on quiet ground, and where lines are new or gone. */
function code({ string, ...colours }: Record<string, string>): Record<string, string> {
  const named = { ...colours, string, 'string-expression': string };
  return Object.fromEntries(
    Object.entries(named).map(([name, colour]) => [`--podline-code-token-${name}`, colour ?? '']),
  );
}
