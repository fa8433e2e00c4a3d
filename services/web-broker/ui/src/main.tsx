// Starts the pages.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { speak } from './app/texts';
import './styles.css';
import './print.css';

const root = document.getElementById('root');
speak().then(() => {
  if (root) {
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  }
});
