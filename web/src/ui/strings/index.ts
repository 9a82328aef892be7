/** Every text of the app, typed, in one place. */
import { account } from "./account";
import { audit } from "./audit";
import { calibration } from "./calibration";
import { common, help, items, tasks } from "./common";
import { create } from "./create";
import { drift } from "./drift";
import { download, evaluation } from "./evaluation";
import { explore } from "./explore";
import { imports } from "./imports";
import { label } from "./label";
import { mistakes } from "./mistakes";
import { people } from "./people";
import { planning } from "./planning";
import { quality } from "./quality";
import { plan } from "./plan";
import { progress } from "./progress";
import { records } from "./records";
import { deleted, goal, settings } from "./settings";
import { forks } from "./forks";
import { rounds } from "./rounds";
import { search } from "./search";
import { batch, selection } from "./selection";
import { stopping } from "./stopping";
import { projects, session, shell } from "./shell";
import { mine, team } from "./team";
import { versions } from "./versions";

export const s = { common, items, tasks, help, label, shell, session, projects, create, progress, mistakes, evaluation, drift, explore, download, records, imports, account, people, quality, calibration, goal, settings, rounds, forks, deleted, search, selection, batch, stopping, team, mine, plan, planning, audit, versions } as const;
