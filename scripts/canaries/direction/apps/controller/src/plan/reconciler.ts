export const reconcile = 1;
