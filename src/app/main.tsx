import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/mantine.ts';
import './styles/tokens.css';
import './styles/page.css';
import './shell/shell.css';
import './pages/pages.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { Shell } from './shell/shell.tsx';
import { startStudio, warmUp } from './start.ts';
import { type Studio, StudioContext } from './studio-context.ts';
import { theme } from './theme.ts';

declare global {
  interface Window {
    /** The study, for whoever drives the page: a test, the demo, a console. */
    studio: Studio;
  }
}

const studio = await startStudio();
window.studio = studio;
createRoot(document.getElementById('root') as HTMLElement).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <StudioContext value={studio}>
      <Shell />
    </StudioContext>
  </MantineProvider>,
);
warmUp(studio);
