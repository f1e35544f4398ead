/** Drover's mark: a herd in a row, and the one that counts it. Takes the colour of the text around it. */
export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden fill="currentColor">
      <circle cx="5" cy="20" r="3" opacity="0.45" />
      <circle cx="12" cy="20" r="3" opacity="0.7" />
      <circle cx="19" cy="20" r="3" />
      <path d="M4 10.2h14.4l-3.3-3.3L17 5l6.6 6.5L17 18l-1.9-1.9 3.3-3.3H4z" />
    </svg>
  );
}
