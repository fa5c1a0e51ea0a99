import type { AnyRoute } from "./contract.ts";
import { spaceRoutes } from "./spaces.ts";
import { spaceRightRoutes } from "./space-rights.ts";
import { seatRoutes } from "./seats.ts";
import { peopleRoutes } from "./people.ts";
import { positionRoutes } from "./position.ts";
import { overviewRoutes } from "./overview.ts";
import { overviewPartRoutes } from "./overview-parts.ts";
import { groupRoutes } from "./groups.ts";
import { differenceRoutes } from "./differences.ts";
import { activityRoutes } from "./activity.ts";
import { actionRoutes } from "./actions.ts";
import { planRoutes } from "./plans.ts";
import { siteExecutorRoutes } from "./site-executors.ts";
import { accountRoutes } from "./accounts.ts";
import { accessRoutes } from "./access.ts";
import { connectionRevisionRoutes } from "./connection-revisions.ts";
import { backupRoutes } from "./backups.ts";
import { candidateRoutes } from "./candidates.ts";
import { capacityAlertRoutes } from "./capacity-alerts.ts";
import { sampleCompanyRoutes } from "./sample-company.ts";
import { connectionRoutes } from "./connections.ts";
import { connectionLifeRoutes } from "./connection-life.ts";
import { consentLinkRoutes } from "./consent-links.ts";
import { connectionTimelineRoutes } from "./connection-timeline.ts";
import { connectionSiteRoutes } from "./connection-sites.ts";
import { detectedGroupRoutes } from "./detected-groups.ts";
import { credentialRoutes } from "./credentials.ts";
import { authorizationRoutes } from "./authorizations.ts";
import { sourceRoutes } from "./sources.ts";
import { doctorRoutes } from "./doctor.ts";
import { jobRoutes } from "./jobs.ts";
import { jobResultRoutes } from "./job-results.ts";
import { journalRoutes } from "./journal.ts";
import { licenseFileRoutes } from "./license-files.ts";
import { licenseRoutes } from "./licenses.ts";
import { operatorRoutes } from "./operators.ts";
import { runRoutes } from "./runs.ts";
import { sessionRoutes } from "./session.ts";
import { signInSettingsRoutes } from "./sign-in-settings.ts";
import { siteRoutes } from "./sites.ts";
import { importRoutes } from "./imports.ts";
import { matchRuleRoutes } from "./match-rules.ts";
import { reclamationRuleRoutes } from "./reclamation-rules.ts";
import { editionRoutes } from "./editions.ts";
import { guestRoutes } from "./guests.ts";
import { seatHistoryRoutes } from "./seat-history.ts";
import { exclusionRoutes } from "./exclusions.ts";
import { statusRoutes } from "./status.ts";
import { tokenRoutes } from "./tokens.ts";
import { messageRoutes } from "./messages.ts";
import { notificationRoutes } from "./notifications.ts";
import { webhookRoutes } from "./webhooks.ts";
import { searchRoutes } from "./search.ts";
import { viewRoutes } from "./views.ts";
import { settingsRoutes } from "./settings.ts";

/** Every route of the API, one line per noun. */
export const routes: readonly AnyRoute[] = [
  ...statusRoutes,
  ...operatorRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...signInSettingsRoutes,
  ...journalRoutes,
  ...sourceRoutes,
  ...connectionRoutes,
  ...connectionLifeRoutes,
  ...credentialRoutes,
  ...authorizationRoutes,
  ...connectionSiteRoutes,
  ...detectedGroupRoutes,
  ...connectionTimelineRoutes,
  ...consentLinkRoutes,
  ...connectionRevisionRoutes,
  ...siteRoutes,
  ...runRoutes,
  ...jobRoutes,
  ...jobResultRoutes,
  ...backupRoutes,
  ...doctorRoutes,
  ...accessRoutes,
  ...accountRoutes,
  ...activityRoutes,
  ...differenceRoutes,
  ...groupRoutes,
  ...overviewRoutes,
  ...overviewPartRoutes,
  ...peopleRoutes,
  ...seatRoutes,
  ...spaceRoutes,
  ...spaceRightRoutes,
  ...editionRoutes,
  ...guestRoutes,
  ...seatHistoryRoutes,
  ...exclusionRoutes,
  ...importRoutes,
  ...matchRuleRoutes,
  ...reclamationRuleRoutes,
  ...candidateRoutes,
  ...planRoutes,
  ...actionRoutes,
  ...siteExecutorRoutes,
  ...licenseRoutes,
  ...licenseFileRoutes,
  ...positionRoutes,
  ...capacityAlertRoutes,
  ...sampleCompanyRoutes,
  ...messageRoutes,
  ...notificationRoutes,
  ...webhookRoutes,
  ...searchRoutes,
  ...viewRoutes,
  ...settingsRoutes,
];
