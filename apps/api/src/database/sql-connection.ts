/** The least a migration needs: scripts of several statements, and questions with rows. */
export type SqlConnection = {
  readonly script: (sql: string) => Promise<void>;
  readonly rows: (
    sql: string,
    values?: readonly unknown[],
  ) => Promise<readonly Record<string, unknown>[]>;
};
