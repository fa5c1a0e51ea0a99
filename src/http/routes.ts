import type { Page } from "./options.ts";
import type { Handler } from "./route.ts";
import { checkInPage } from "./link-pages/check-in.ts";
import { connectPage } from "./link-pages/connect.ts";
import { decisionPage } from "./link-pages/decision.ts";
import { ssoPages } from "./sign-in/sso-pages.ts";
import { welcomePage } from "./sign-in/welcome-page.ts";
import { restorePage } from "./link-pages/restore.ts";
import { spaceHandlers } from "./routes/spaces.ts";
import { spaceRightHandlers } from "./routes/space-rights.ts";
import { seatHandlers } from "./routes/seats.ts";
import { peopleHandlers } from "./routes/people.ts";
import { positionHandlers } from "./routes/position.ts";
import { overviewHandlers } from "./routes/overview.ts";
import { overviewPartHandlers } from "./routes/overview-parts.ts";
import { doctorHandlers } from "./routes/doctor.ts";
import { groupHandlers } from "./routes/groups.ts";
import { differenceHandlers } from "./routes/differences.ts";
import { activityHandlers } from "./routes/activity.ts";
import { actionHandlers } from "./routes/actions.ts";
import { planHandlers } from "./routes/plans.ts";
import { siteExecutorHandlers } from "./routes/site-executors.ts";
import { accountHandlers } from "./routes/accounts.ts";
import { accessHandlers } from "./routes/access.ts";
import { connectionRevisionHandlers } from "./routes/connection-revisions.ts";
import { backupHandlers } from "./routes/backups.ts";
import { candidateHandlers } from "./routes/candidates.ts";
import { capacityAlertHandlers } from "./routes/capacity-alerts.ts";
import { authorizationHandlers } from "./routes/authorizations.ts";
import { sampleCompanyHandlers } from "./routes/sample-company.ts";
import { connectionHandlers } from "./routes/connections.ts";
import { connectionLifeHandlers } from "./routes/connection-life.ts";
import { consentLinkHandlers } from "./routes/consent-links.ts";
import { connectionTimelineHandlers } from "./routes/connection-timeline.ts";
import { connectionSiteHandlers } from "./routes/connection-sites.ts";
import { detectedGroupHandlers } from "./routes/detected-groups.ts";
import { sourceHandlers } from "./routes/sources.ts";
import { credentialHandlers } from "./routes/credentials.ts";
import { jobHandlers } from "./routes/jobs.ts";
import { jobResultHandlers } from "./routes/job-results.ts";
import { journalHandlers } from "./routes/journal.ts";
import { licenseFileHandlers } from "./routes/license-files.ts";
import { licenseHandlers } from "./routes/licenses.ts";
import { oauthCallbackPage } from "./routes/oauth-callback.ts";
import { operatorHandlers } from "./routes/operators.ts";
import { runHandlers } from "./routes/runs.ts";
import { sessionHandlers } from "./routes/session.ts";
import { signInSettingsHandlers } from "./routes/sign-in-settings.ts";
import { siteHandlers } from "./routes/sites.ts";
import { importHandlers } from "./routes/imports.ts";
import { matchRuleHandlers } from "./routes/match-rules.ts";
import { reclamationRuleHandlers } from "./routes/reclamation-rules.ts";
import { editionHandlers } from "./routes/editions.ts";
import { guestHandlers } from "./routes/guests.ts";
import { seatHistoryHandlers } from "./routes/seat-history.ts";
import { exclusionHandlers } from "./routes/exclusions.ts";
import { statusHandlers } from "./routes/status.ts";
import { tokenHandlers } from "./routes/tokens.ts";
import { messageHandlers } from "./routes/messages.ts";
import { notificationHandlers } from "./routes/notifications.ts";
import { webhookHandlers } from "./routes/webhooks.ts";
import { searchHandlers } from "./routes/search.ts";
import { viewHandlers } from "./routes/views.ts";
import { settingsHandlers } from "./routes/settings.ts";

/** Every handler, one line per noun. A test holds that each route of the API has exactly one. */
export const handlers: readonly Handler[] = [
  ...statusHandlers,
  ...operatorHandlers,
  ...tokenHandlers,
  ...sessionHandlers,
  ...signInSettingsHandlers,
  ...journalHandlers,
  ...sourceHandlers,
  ...connectionHandlers,
  ...connectionLifeHandlers,
  ...connectionRevisionHandlers,
  ...credentialHandlers,
  ...authorizationHandlers,
  ...connectionSiteHandlers,
  ...detectedGroupHandlers,
  ...connectionTimelineHandlers,
  ...consentLinkHandlers,
  ...siteHandlers,
  ...runHandlers,
  ...jobHandlers,
  ...jobResultHandlers,
  ...backupHandlers,
  ...doctorHandlers,
  ...accessHandlers,
  ...accountHandlers,
  ...activityHandlers,
  ...differenceHandlers,
  ...groupHandlers,
  ...overviewHandlers,
  ...overviewPartHandlers,
  ...peopleHandlers,
  ...seatHandlers,
  ...spaceHandlers,
  ...spaceRightHandlers,
  ...editionHandlers,
  ...guestHandlers,
  ...seatHistoryHandlers,
  ...exclusionHandlers,
  ...importHandlers,
  ...matchRuleHandlers,
  ...reclamationRuleHandlers,
  ...candidateHandlers,
  ...planHandlers,
  ...actionHandlers,
  ...siteExecutorHandlers,
  ...licenseHandlers,
  ...licenseFileHandlers,
  ...positionHandlers,
  ...capacityAlertHandlers,
  ...sampleCompanyHandlers,
  ...messageHandlers,
  ...notificationHandlers,
  ...webhookHandlers,
  ...searchHandlers,
  ...viewHandlers,
  ...settingsHandlers,
];

/** What lies outside the API and asks for no token, one line each. */
export const pages: readonly Page[] = [
  oauthCallbackPage,
  checkInPage,
  connectPage,
  decisionPage,
  restorePage,
  welcomePage,
  ssoPages,
];
