export const grabBag = 1;
