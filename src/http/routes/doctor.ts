import { getDoctor } from "../../api/doctor.ts";
import { ok } from "../../lib/result.ts";
import { handle } from "../route.ts";
import { examineInstallation } from "../../commands/examine-installation.ts";

export const doctorHandlers = [handle(getDoctor, async ({ ctx }) => ok({ checks: await examineInstallation(ctx) }))];
