import { app } from "../../controller/src/app.ts";
import { lab } from "../../../packages/lab/src/index.ts";
import { inner } from "../../../packages/lab/src/inner.ts";
import { all } from "./index.ts";
import { grabBag } from "./utils.ts";
import { nothing } from "./nowhere.ts";
export const main = [app, lab, inner, all, grabBag, nothing];
