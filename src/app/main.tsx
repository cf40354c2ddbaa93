import './styles/fonts.css';
import './styles/mantine.ts';
import './styles/tokens.css';
import './styles/page.css';
import './shell/shell.css';
import './pages/pages.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { Shell } from './shell/shell.tsx';
import { startStudio, warmUp } from './start.ts';
import { StudioContext } from './studio-context.ts';
import { theme } from './theme.ts';

declare global {
  interface Window {
    /** How long the stages of the last run took; for whoever drives the page. */
    studioTimings?: unknown;
    /** The open studio, for whoever drives the page: the demo, the browser tests, a console. */
    studio?: unknown;
  }
}

const studio = await startStudio();
window.studioTimings = studio.study.timings;
window.studio = studio;
createRoot(document.getElementById('root') as HTMLElement).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <StudioContext value={studio}>
      <Shell />
    </StudioContext>
  </MantineProvider>,
);
warmUp(studio);
