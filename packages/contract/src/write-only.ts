/** Marks a field that goes in and never comes out: it is masked wherever a payload is kept or shown. */
export const writeOnly = { writeOnly: true } as const;
