const list: string[] = [];
export const first: string = list[0];
export const absent: { name?: string } = { name: undefined };
export enum Fruit {
  Apple,
}
export const implicit = (value) => value;
