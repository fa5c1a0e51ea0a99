// Made by `npm run generate` from src/api; not to be edited.
import type {
  applyAccountsImport,
  applyEvidenceImport,
  applyPeopleImport,
  getImport,
  listImportErrors,
  listImports,
  previewAccountsImport,
  previewEvidenceImport,
  previewPeopleImport,
} from "../../api/imports.ts";
import type { listAccountGroups, listAccounts } from "../../api/accounts.ts";
import type {
  changeMatchRule,
  createMatchRule,
  deleteMatchRule,
  getAccountMatch,
  listMatchRules,
  matchAccount,
  orderMatchRules,
  previewMatchRules,
} from "../../api/match-rules.ts";
import type { getAccountSeatHistory, getPersonSeatHistory } from "../../api/seat-history.ts";
import type { getAction, listActions, reportAction } from "../../api/actions.ts";
import type { getActivityDays, listActivity, listActivityFacets } from "../../api/activity.ts";
import type { getAuthorization, startAuthorization } from "../../api/authorizations.ts";
import type { confirmCopy, createBackup } from "../../api/backups.ts";
import type {
  decideCandidate,
  decideCandidates,
  getCandidate,
  listCandidates,
  proposeCandidates,
  proposeCandidatesFile,
} from "../../api/candidates.ts";
import type { addCapacityAlert, listCapacityAlerts, removeCapacityAlert } from "../../api/capacity-alerts.ts";
import type {
  addPendingCredential,
  applyPendingRevision,
  changePendingRevision,
  discardPendingRevision,
  getPendingRevision,
  removePendingCredential,
  validatePendingRevision,
} from "../../api/connection-revisions.ts";
import type { addSite, listReachableSites, removeSite, removeWantedSite } from "../../api/connection-sites.ts";
import type {
  archiveConnection,
  checkConnection,
  pauseConnection,
  proveWrites,
  publishConnection,
  resumeConnection,
} from "../../api/connection-life.ts";
import type { changeConnection, createConnection, getConnection, listConnections } from "../../api/connections.ts";
import type { decideDetectedGroups, listDetectedGroups } from "../../api/detected-groups.ts";
import type { listConnectionTimeline } from "../../api/connection-timeline.ts";
import type { createConsentLink, listConsentLinks, revokeConsentLink } from "../../api/consent-links.ts";
import type { addCredential, removeCredential, rotateCredential } from "../../api/credentials.ts";
import type { listDifferences } from "../../api/differences.ts";
import type { getDoctor } from "../../api/doctor.ts";
import type { listEditionIdentifiers, listEditions, matchEditionIdentifier } from "../../api/editions.ts";
import type {
  changeExclusionRule,
  createExclusionRule,
  endExclusionRule,
  getExclusionRule,
  listExclusionHits,
  listExclusionRules,
  previewExclusionRule,
  renewExclusionRule,
  switchExclusionRule,
} from "../../api/exclusions.ts";
import type {
  compareGroups,
  getGroup,
  listGroupFacets,
  listGroupMembers,
  listGroups,
  listNestedGroups,
} from "../../api/groups.ts";
import type { downloadJobLog, getJobOutcome, listJobOutcomes } from "../../api/job-results.ts";
import type { changeJob, getJob, listJobResultEvents, listJobResults, listJobs, runJob } from "../../api/jobs.ts";
import type {
  exportJournal,
  getJournalEntry,
  listJournal,
  verifyJournal,
  verifyJournalAgainst,
} from "../../api/journal.ts";
import type {
  addLicense,
  changeLicense,
  endLicense,
  forecastRenewal,
  getLicense,
  listLicenseSavings,
  listLicenseSuggestions,
  listLicenseVersions,
  listLicenses,
} from "../../api/licenses.ts";
import type {
  addLicenseDocument,
  applyLicensesImport,
  exportLicenses,
  getLicenseDocument,
  listLicenseDocuments,
  previewLicensesImport,
  removeLicenseDocument,
} from "../../api/license-files.ts";
import type { getMessage, listMessages, sendMessageAgain } from "../../api/messages.ts";
import type { getNotification, listNotifications, setNotification } from "../../api/notifications.ts";
import type {
  changeOperator,
  createServiceAccount,
  endOperator,
  getCaller,
  getOperator,
  invitePerson,
  listOperators,
  resetOperator,
} from "../../api/operators.ts";
import type { getOverview } from "../../api/overview.ts";
import type {
  getNeedsYou,
  getOverviewMoney,
  getOverviewTrend,
  getSetupChecklist,
  getSyncHealth,
} from "../../api/overview-parts.ts";
import type {
  getInactivity,
  getPerson,
  listPeople,
  listPeopleFacets,
  listPersonAccess,
  whatIf,
} from "../../api/people.ts";
import type {
  applyPlan,
  approvePlan,
  createPlan,
  discardPlan,
  getPlan,
  listPlanRows,
  listPlans,
  pausePlan,
  restoreSeat,
  resumePlan,
  undoPlan,
} from "../../api/plans.ts";
import type {
  comparePositions,
  computePosition,
  getPosition,
  listPositionChanges,
  listPositionSeats,
  listPositionTrend,
  listPositions,
} from "../../api/position.ts";
import type {
  decideProductAccessGroup,
  getSite,
  listProductAccessGroups,
  listSites,
  serveCapability,
  setSiteMode,
} from "../../api/sites.ts";
import type {
  activateReclamationRule,
  backtestReclamationRule,
  backtestUnsavedRule,
  changeReclamationRule,
  createReclamationRule,
  deleteReclamationRule,
  getReclamationRule,
  listConditions,
  listReclamationRules,
  pauseReclamationRule,
  reportOnlyReclamationRule,
  simulateReclamationRule,
  simulateUnsavedRule,
} from "../../api/reclamation-rules.ts";
import type {
  acceptHeldRun,
  cancelRun,
  discardHeldRun,
  followRun,
  getRun,
  listHeldDifference,
  listRunListings,
  listRunLog,
  listRuns,
  requestRun,
  summarizeHeldDifference,
} from "../../api/runs.ts";
import type { createSampleCompany, getSampleCompany, removeSampleCompany } from "../../api/sample-company.ts";
import type { resolveId, resolvePasted, search } from "../../api/search.ts";
import type { getSeat, listSeatFacets, listSeats } from "../../api/seats.ts";
import type {
  changePassword,
  endSession,
  getSession,
  getSignInOptions,
  listSessions,
  makeFirstAdmin,
  signIn,
  signInByLink,
  signOut,
  welcome,
} from "../../api/session.ts";
import type { getGeneralSettings, getSettings, getSystem, setGeneralSettings } from "../../api/settings.ts";
import type { changeSignInSettings, checkSignInSettings, getSignInSettings } from "../../api/sign-in-settings.ts";
import type { chooseSiteExecutor, getSiteExecutor } from "../../api/site-executors.ts";
import type { getGuestLimit, listGuests } from "../../api/guests.ts";
import type { listRequirements, listSources, understandSite } from "../../api/sources.ts";
import type { listSpaceRights } from "../../api/space-rights.ts";
import type { getSpace, listSpaceFacets, listSpacePermissions, listSpaceRoles, listSpaces } from "../../api/spaces.ts";
import type { listSpaceAccess } from "../../api/access.ts";
import type { getStatus } from "../../api/status.ts";
import type { createToken, getToken, listTokens, revokeToken } from "../../api/tokens.ts";
import type { changeView, createView, deleteView, getView, listViews } from "../../api/views.ts";
import type {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  replayDelivery,
  rotateWebhook,
  testWebhook,
} from "../../api/webhooks.ts";

/** The contract of each route, by its id. */
export interface Routes {
  "accounts.apply-import": typeof applyAccountsImport;
  "accounts.groups": typeof listAccountGroups;
  "accounts.list": typeof listAccounts;
  "accounts.match": typeof matchAccount;
  "accounts.match-history": typeof getAccountMatch;
  "accounts.preview-import": typeof previewAccountsImport;
  "accounts.seat-history": typeof getAccountSeatHistory;
  "actions.get": typeof getAction;
  "actions.list": typeof listActions;
  "actions.report": typeof reportAction;
  "activity.days": typeof getActivityDays;
  "activity.facets": typeof listActivityFacets;
  "activity.list": typeof listActivity;
  "authorizations.get": typeof getAuthorization;
  "authorizations.start": typeof startAuthorization;
  "backups.create": typeof createBackup;
  "candidates.decide": typeof decideCandidate;
  "candidates.decide-many": typeof decideCandidates;
  "candidates.get": typeof getCandidate;
  "candidates.list": typeof listCandidates;
  "candidates.propose": typeof proposeCandidates;
  "candidates.propose-file": typeof proposeCandidatesFile;
  "capacity-alerts.add": typeof addCapacityAlert;
  "capacity-alerts.list": typeof listCapacityAlerts;
  "capacity-alerts.remove": typeof removeCapacityAlert;
  "connections.add-pending-credential": typeof addPendingCredential;
  "connections.add-site": typeof addSite;
  "connections.apply-pending-revision": typeof applyPendingRevision;
  "connections.archive": typeof archiveConnection;
  "connections.change": typeof changeConnection;
  "connections.change-pending-revision": typeof changePendingRevision;
  "connections.check": typeof checkConnection;
  "connections.create": typeof createConnection;
  "connections.decide-detected-groups": typeof decideDetectedGroups;
  "connections.detected-groups": typeof listDetectedGroups;
  "connections.discard-pending-revision": typeof discardPendingRevision;
  "connections.get": typeof getConnection;
  "connections.get-pending-revision": typeof getPendingRevision;
  "connections.list": typeof listConnections;
  "connections.pause": typeof pauseConnection;
  "connections.proveWrites": typeof proveWrites;
  "connections.publish": typeof publishConnection;
  "connections.reachable-sites": typeof listReachableSites;
  "connections.remove-pending-credential": typeof removePendingCredential;
  "connections.remove-site": typeof removeSite;
  "connections.remove-wanted-site": typeof removeWantedSite;
  "connections.resume": typeof resumeConnection;
  "connections.timeline": typeof listConnectionTimeline;
  "connections.validate-pending-revision": typeof validatePendingRevision;
  "consent-links.create": typeof createConsentLink;
  "consent-links.list": typeof listConsentLinks;
  "consent-links.revoke": typeof revokeConsentLink;
  "credentials.create": typeof addCredential;
  "credentials.remove": typeof removeCredential;
  "credentials.rotate": typeof rotateCredential;
  "differences.list": typeof listDifferences;
  "doctor.get": typeof getDoctor;
  "edition-identifiers.list": typeof listEditionIdentifiers;
  "edition-identifiers.match": typeof matchEditionIdentifier;
  "editions.list": typeof listEditions;
  "evidence.apply-import": typeof applyEvidenceImport;
  "evidence.preview-import": typeof previewEvidenceImport;
  "exclusion-rules.change": typeof changeExclusionRule;
  "exclusion-rules.create": typeof createExclusionRule;
  "exclusion-rules.end": typeof endExclusionRule;
  "exclusion-rules.get": typeof getExclusionRule;
  "exclusion-rules.hits": typeof listExclusionHits;
  "exclusion-rules.list": typeof listExclusionRules;
  "exclusion-rules.preview": typeof previewExclusionRule;
  "exclusion-rules.renew": typeof renewExclusionRule;
  "exclusion-rules.switch": typeof switchExclusionRule;
  "groups.compare": typeof compareGroups;
  "groups.facets": typeof listGroupFacets;
  "groups.get": typeof getGroup;
  "groups.list": typeof listGroups;
  "groups.members": typeof listGroupMembers;
  "groups.nested": typeof listNestedGroups;
  "imports.errors": typeof listImportErrors;
  "imports.get": typeof getImport;
  "imports.list": typeof listImports;
  "job-results.get": typeof getJobOutcome;
  "job-results.list": typeof listJobOutcomes;
  "job-results.log": typeof downloadJobLog;
  "jobs.change": typeof changeJob;
  "jobs.get": typeof getJob;
  "jobs.list": typeof listJobs;
  "jobs.logs": typeof listJobResultEvents;
  "jobs.results": typeof listJobResults;
  "jobs.run": typeof runJob;
  "journal.export": typeof exportJournal;
  "journal.get": typeof getJournalEntry;
  "journal.list": typeof listJournal;
  "journal.verify": typeof verifyJournal;
  "journal.verify-against": typeof verifyJournalAgainst;
  "licenses.add": typeof addLicense;
  "licenses.add-document": typeof addLicenseDocument;
  "licenses.apply-import": typeof applyLicensesImport;
  "licenses.change": typeof changeLicense;
  "licenses.documents": typeof listLicenseDocuments;
  "licenses.download-document": typeof getLicenseDocument;
  "licenses.end": typeof endLicense;
  "licenses.export": typeof exportLicenses;
  "licenses.forecast-renewal": typeof forecastRenewal;
  "licenses.get": typeof getLicense;
  "licenses.list": typeof listLicenses;
  "licenses.preview-import": typeof previewLicensesImport;
  "licenses.remove-document": typeof removeLicenseDocument;
  "licenses.savings": typeof listLicenseSavings;
  "licenses.suggestions": typeof listLicenseSuggestions;
  "licenses.versions": typeof listLicenseVersions;
  "match-rules.change": typeof changeMatchRule;
  "match-rules.create": typeof createMatchRule;
  "match-rules.delete": typeof deleteMatchRule;
  "match-rules.list": typeof listMatchRules;
  "match-rules.order": typeof orderMatchRules;
  "match-rules.preview": typeof previewMatchRules;
  "messages.get": typeof getMessage;
  "messages.list": typeof listMessages;
  "messages.send-again": typeof sendMessageAgain;
  "notifications.get": typeof getNotification;
  "notifications.list": typeof listNotifications;
  "notifications.set": typeof setNotification;
  "operators.change": typeof changeOperator;
  "operators.create-service-account": typeof createServiceAccount;
  "operators.end": typeof endOperator;
  "operators.get": typeof getOperator;
  "operators.invite": typeof invitePerson;
  "operators.list": typeof listOperators;
  "operators.reset": typeof resetOperator;
  "operators.whoami": typeof getCaller;
  "overview.get": typeof getOverview;
  "overview.money": typeof getOverviewMoney;
  "overview.needs-you": typeof getNeedsYou;
  "overview.setup-checklist": typeof getSetupChecklist;
  "overview.sync": typeof getSyncHealth;
  "overview.trend": typeof getOverviewTrend;
  "people.access": typeof listPersonAccess;
  "people.apply-import": typeof applyPeopleImport;
  "people.facets": typeof listPeopleFacets;
  "people.get": typeof getPerson;
  "people.inactivity": typeof getInactivity;
  "people.list": typeof listPeople;
  "people.preview-import": typeof previewPeopleImport;
  "people.seat-history": typeof getPersonSeatHistory;
  "people.what-if": typeof whatIf;
  "plan-rows.list": typeof listPlanRows;
  "plans.apply": typeof applyPlan;
  "plans.approve": typeof approvePlan;
  "plans.create": typeof createPlan;
  "plans.discard": typeof discardPlan;
  "plans.get": typeof getPlan;
  "plans.list": typeof listPlans;
  "plans.pause": typeof pausePlan;
  "plans.resume": typeof resumePlan;
  "plans.undo": typeof undoPlan;
  "position.changes": typeof listPositionChanges;
  "position.compare": typeof comparePositions;
  "position.compute": typeof computePosition;
  "position.get": typeof getPosition;
  "position.list": typeof listPositions;
  "position.seats": typeof listPositionSeats;
  "position.trend": typeof listPositionTrend;
  "product-access-groups.decide": typeof decideProductAccessGroup;
  "product-access-groups.list": typeof listProductAccessGroups;
  "reclamation-conditions.list": typeof listConditions;
  "reclamation-rules.activate": typeof activateReclamationRule;
  "reclamation-rules.backtest": typeof backtestUnsavedRule;
  "reclamation-rules.backtest-saved": typeof backtestReclamationRule;
  "reclamation-rules.change": typeof changeReclamationRule;
  "reclamation-rules.create": typeof createReclamationRule;
  "reclamation-rules.delete": typeof deleteReclamationRule;
  "reclamation-rules.get": typeof getReclamationRule;
  "reclamation-rules.list": typeof listReclamationRules;
  "reclamation-rules.pause": typeof pauseReclamationRule;
  "reclamation-rules.report-only": typeof reportOnlyReclamationRule;
  "reclamation-rules.simulate": typeof simulateUnsavedRule;
  "reclamation-rules.simulate-saved": typeof simulateReclamationRule;
  "restore.confirm": typeof confirmCopy;
  "runs.accept": typeof acceptHeldRun;
  "runs.cancel": typeof cancelRun;
  "runs.discard": typeof discardHeldRun;
  "runs.events": typeof followRun;
  "runs.get": typeof getRun;
  "runs.held-difference": typeof listHeldDifference;
  "runs.held-difference-summary": typeof summarizeHeldDifference;
  "runs.list": typeof listRuns;
  "runs.listings": typeof listRunListings;
  "runs.log": typeof listRunLog;
  "runs.request": typeof requestRun;
  "sampleCompany.create": typeof createSampleCompany;
  "sampleCompany.get": typeof getSampleCompany;
  "sampleCompany.remove": typeof removeSampleCompany;
  "search.all": typeof search;
  "search.resolve": typeof resolveId;
  "search.resolve-pasted": typeof resolvePasted;
  "seats.facets": typeof listSeatFacets;
  "seats.get": typeof getSeat;
  "seats.list": typeof listSeats;
  "seats.restore": typeof restoreSeat;
  "session.firstAdmin": typeof makeFirstAdmin;
  "session.get": typeof getSession;
  "session.link": typeof signInByLink;
  "session.options": typeof getSignInOptions;
  "session.password": typeof changePassword;
  "session.signIn": typeof signIn;
  "session.signOut": typeof signOut;
  "session.welcome": typeof welcome;
  "sessions.end": typeof endSession;
  "sessions.list": typeof listSessions;
  "settings.general": typeof getGeneralSettings;
  "settings.get": typeof getSettings;
  "settings.set-general": typeof setGeneralSettings;
  "settings.system": typeof getSystem;
  "sign-in-settings.change": typeof changeSignInSettings;
  "sign-in-settings.check": typeof checkSignInSettings;
  "sign-in-settings.get": typeof getSignInSettings;
  "site-executors.choose": typeof chooseSiteExecutor;
  "site-executors.get": typeof getSiteExecutor;
  "sites.get": typeof getSite;
  "sites.guest-limit": typeof getGuestLimit;
  "sites.guests": typeof listGuests;
  "sites.list": typeof listSites;
  "sites.serve-capability": typeof serveCapability;
  "sites.set-mode": typeof setSiteMode;
  "sources.list": typeof listSources;
  "sources.requirements": typeof listRequirements;
  "sources.understand-site": typeof understandSite;
  "space-rights.list": typeof listSpaceRights;
  "space-roles.list": typeof listSpaceRoles;
  "spaces.access": typeof listSpaceAccess;
  "spaces.facets": typeof listSpaceFacets;
  "spaces.get": typeof getSpace;
  "spaces.list": typeof listSpaces;
  "spaces.permissions": typeof listSpacePermissions;
  "status.get": typeof getStatus;
  "tokens.create": typeof createToken;
  "tokens.get": typeof getToken;
  "tokens.list": typeof listTokens;
  "tokens.revoke": typeof revokeToken;
  "views.change": typeof changeView;
  "views.create": typeof createView;
  "views.delete": typeof deleteView;
  "views.get": typeof getView;
  "views.list": typeof listViews;
  "webhooks.change": typeof changeWebhook;
  "webhooks.create": typeof createWebhook;
  "webhooks.delete": typeof deleteWebhook;
  "webhooks.deliveries": typeof listDeliveries;
  "webhooks.get": typeof getWebhook;
  "webhooks.list": typeof listWebhooks;
  "webhooks.replay": typeof replayDelivery;
  "webhooks.rotate": typeof rotateWebhook;
  "webhooks.test": typeof testWebhook;
}

/** Method and path of each route, below /api/v1. */
export const ROUTES: { readonly [Id in keyof Routes]: readonly [method: string, path: string] } = {
  "accounts.apply-import": ["POST", "/accounts/import/{importId}/apply"],
  "accounts.groups": ["GET", "/accounts/{accountId}/groups"],
  "accounts.list": ["GET", "/accounts"],
  "accounts.match": ["POST", "/accounts/{accountId}/match"],
  "accounts.match-history": ["GET", "/accounts/{accountId}/match"],
  "accounts.preview-import": ["POST", "/accounts/import"],
  "accounts.seat-history": ["GET", "/accounts/{accountId}/seat-history"],
  "actions.get": ["GET", "/actions/{actionId}"],
  "actions.list": ["GET", "/actions"],
  "actions.report": ["POST", "/actions/{actionId}/report"],
  "activity.days": ["GET", "/activity/days"],
  "activity.facets": ["GET", "/activity/facets"],
  "activity.list": ["GET", "/activity"],
  "authorizations.get": ["GET", "/connections/{connectionId}/authorization/{attemptId}"],
  "authorizations.start": ["POST", "/connections/{connectionId}/authorization"],
  "backups.create": ["POST", "/backups"],
  "candidates.decide": ["POST", "/candidates/{candidateId}/decision"],
  "candidates.decide-many": ["POST", "/candidates/decisions"],
  "candidates.get": ["GET", "/candidates/{candidateId}"],
  "candidates.list": ["GET", "/candidates"],
  "candidates.propose": ["POST", "/candidates/proposals"],
  "candidates.propose-file": ["POST", "/candidates/proposals/file"],
  "capacity-alerts.add": ["POST", "/capacity-alerts"],
  "capacity-alerts.list": ["GET", "/capacity-alerts"],
  "capacity-alerts.remove": ["DELETE", "/capacity-alerts/{alertId}"],
  "connections.add-pending-credential": ["POST", "/connections/{connectionId}/pending-revision/credentials"],
  "connections.add-site": ["POST", "/connections/{connectionId}/sites"],
  "connections.apply-pending-revision": ["POST", "/connections/{connectionId}/pending-revision/apply"],
  "connections.archive": ["POST", "/connections/{connectionId}/archive"],
  "connections.change": ["PATCH", "/connections/{connectionId}"],
  "connections.change-pending-revision": ["PATCH", "/connections/{connectionId}/pending-revision"],
  "connections.check": ["POST", "/connections/{connectionId}/check"],
  "connections.create": ["POST", "/connections"],
  "connections.decide-detected-groups": ["PUT", "/connections/{connectionId}/sites/{siteId}/detected-groups"],
  "connections.detected-groups": ["GET", "/connections/{connectionId}/sites/{siteId}/detected-groups"],
  "connections.discard-pending-revision": ["DELETE", "/connections/{connectionId}/pending-revision"],
  "connections.get": ["GET", "/connections/{connectionId}"],
  "connections.get-pending-revision": ["GET", "/connections/{connectionId}/pending-revision"],
  "connections.list": ["GET", "/connections"],
  "connections.pause": ["POST", "/connections/{connectionId}/pause"],
  "connections.proveWrites": ["POST", "/connections/{connectionId}/sites/{siteId}/write-proof"],
  "connections.publish": ["POST", "/connections/{connectionId}/publish"],
  "connections.reachable-sites": ["GET", "/connections/{connectionId}/reachable-sites"],
  "connections.remove-pending-credential": ["DELETE", "/connections/{connectionId}/pending-revision/credentials/{credentialId}"],
  "connections.remove-site": ["DELETE", "/connections/{connectionId}/sites/{siteId}"],
  "connections.remove-wanted-site": ["DELETE", "/connections/{connectionId}/wanted-sites"],
  "connections.resume": ["POST", "/connections/{connectionId}/resume"],
  "connections.timeline": ["GET", "/connections/{connectionId}/timeline"],
  "connections.validate-pending-revision": ["POST", "/connections/{connectionId}/pending-revision/validate"],
  "consent-links.create": ["POST", "/connections/{connectionId}/consent-links"],
  "consent-links.list": ["GET", "/connections/{connectionId}/consent-links"],
  "consent-links.revoke": ["DELETE", "/connections/{connectionId}/consent-links/{linkId}"],
  "credentials.create": ["POST", "/connections/{connectionId}/credentials"],
  "credentials.remove": ["DELETE", "/connections/{connectionId}/credentials/{credentialId}"],
  "credentials.rotate": ["POST", "/connections/{connectionId}/credentials/{credentialId}/rotate"],
  "differences.list": ["GET", "/differences"],
  "doctor.get": ["GET", "/doctor"],
  "edition-identifiers.list": ["GET", "/edition-identifiers"],
  "edition-identifiers.match": ["PUT", "/edition-identifiers/{identifierId}/edition"],
  "editions.list": ["GET", "/editions"],
  "evidence.apply-import": ["POST", "/evidence/import/{importId}/apply"],
  "evidence.preview-import": ["POST", "/evidence/import"],
  "exclusion-rules.change": ["PATCH", "/exclusion-rules/{ruleId}"],
  "exclusion-rules.create": ["POST", "/exclusion-rules"],
  "exclusion-rules.end": ["POST", "/exclusion-rules/{ruleId}/end"],
  "exclusion-rules.get": ["GET", "/exclusion-rules/{ruleId}"],
  "exclusion-rules.hits": ["GET", "/exclusion-rules/{ruleId}/hits"],
  "exclusion-rules.list": ["GET", "/exclusion-rules"],
  "exclusion-rules.preview": ["POST", "/exclusion-rules/preview"],
  "exclusion-rules.renew": ["POST", "/exclusion-rules/{ruleId}/renew"],
  "exclusion-rules.switch": ["PUT", "/exclusion-rules/{ruleId}/enabled"],
  "groups.compare": ["GET", "/groups/compare"],
  "groups.facets": ["GET", "/groups/facets"],
  "groups.get": ["GET", "/groups/{groupId}"],
  "groups.list": ["GET", "/groups"],
  "groups.members": ["GET", "/groups/{groupId}/members"],
  "groups.nested": ["GET", "/groups/{groupId}/nested"],
  "imports.errors": ["GET", "/imports/{importId}/errors"],
  "imports.get": ["GET", "/imports/{importId}"],
  "imports.list": ["GET", "/imports"],
  "job-results.get": ["GET", "/job-results/{resultId}"],
  "job-results.list": ["GET", "/job-results"],
  "job-results.log": ["GET", "/job-results/{resultId}/log"],
  "jobs.change": ["PATCH", "/jobs/{jobId}"],
  "jobs.get": ["GET", "/jobs/{jobId}"],
  "jobs.list": ["GET", "/jobs"],
  "jobs.logs": ["GET", "/jobs/{jobId}/results/{resultId}/log"],
  "jobs.results": ["GET", "/jobs/{jobId}/results"],
  "jobs.run": ["POST", "/jobs/{jobId}/run"],
  "journal.export": ["GET", "/journal/export"],
  "journal.get": ["GET", "/journal/entries/{seq}"],
  "journal.list": ["GET", "/journal"],
  "journal.verify": ["GET", "/journal/verification"],
  "journal.verify-against": ["POST", "/journal/verification"],
  "licenses.add": ["POST", "/licenses"],
  "licenses.add-document": ["POST", "/licenses/{licenseId}/documents"],
  "licenses.apply-import": ["POST", "/licenses/import/{importId}/apply"],
  "licenses.change": ["PATCH", "/licenses/{licenseId}"],
  "licenses.documents": ["GET", "/licenses/{licenseId}/documents"],
  "licenses.download-document": ["GET", "/licenses/{licenseId}/documents/{documentId}"],
  "licenses.end": ["POST", "/licenses/{licenseId}/end"],
  "licenses.export": ["GET", "/licenses/export"],
  "licenses.forecast-renewal": ["GET", "/licenses/{licenseId}/renewal"],
  "licenses.get": ["GET", "/licenses/{licenseId}"],
  "licenses.list": ["GET", "/licenses"],
  "licenses.preview-import": ["POST", "/licenses/import"],
  "licenses.remove-document": ["DELETE", "/licenses/{licenseId}/documents/{documentId}"],
  "licenses.savings": ["GET", "/licenses/savings"],
  "licenses.suggestions": ["GET", "/licenses/suggestions"],
  "licenses.versions": ["GET", "/licenses/{licenseId}/versions"],
  "match-rules.change": ["PATCH", "/match-rules/{ruleId}"],
  "match-rules.create": ["POST", "/match-rules"],
  "match-rules.delete": ["DELETE", "/match-rules/{ruleId}"],
  "match-rules.list": ["GET", "/match-rules"],
  "match-rules.order": ["PUT", "/match-rules/order"],
  "match-rules.preview": ["POST", "/match-rules/preview"],
  "messages.get": ["GET", "/messages/{messageId}"],
  "messages.list": ["GET", "/messages"],
  "messages.send-again": ["POST", "/messages/{messageId}/send-again"],
  "notifications.get": ["GET", "/notifications/{kind}"],
  "notifications.list": ["GET", "/notifications"],
  "notifications.set": ["PUT", "/notifications/{kind}"],
  "operators.change": ["PATCH", "/operators/{operatorId}"],
  "operators.create-service-account": ["POST", "/service-accounts"],
  "operators.end": ["POST", "/operators/{operatorId}/end"],
  "operators.get": ["GET", "/operators/{operatorId}"],
  "operators.invite": ["POST", "/operators"],
  "operators.list": ["GET", "/operators"],
  "operators.reset": ["POST", "/operators/{operatorId}/reset"],
  "operators.whoami": ["GET", "/whoami"],
  "overview.get": ["GET", "/overview"],
  "overview.money": ["GET", "/overview/money"],
  "overview.needs-you": ["GET", "/overview/needs-you"],
  "overview.setup-checklist": ["GET", "/overview/setup-checklist"],
  "overview.sync": ["GET", "/overview/sync"],
  "overview.trend": ["GET", "/overview/trend"],
  "people.access": ["GET", "/people/{personId}/access"],
  "people.apply-import": ["POST", "/people/import/{importId}/apply"],
  "people.facets": ["GET", "/people/facets"],
  "people.get": ["GET", "/people/{personId}"],
  "people.inactivity": ["GET", "/people/inactivity-histogram"],
  "people.list": ["GET", "/people"],
  "people.preview-import": ["POST", "/people/import"],
  "people.seat-history": ["GET", "/people/{personId}/seat-history"],
  "people.what-if": ["GET", "/people/{personId}/what-if"],
  "plan-rows.list": ["GET", "/plans/{planId}/rows"],
  "plans.apply": ["POST", "/plans/{planId}/apply"],
  "plans.approve": ["POST", "/plans/{planId}/approve"],
  "plans.create": ["POST", "/plans"],
  "plans.discard": ["POST", "/plans/{planId}/discard"],
  "plans.get": ["GET", "/plans/{planId}"],
  "plans.list": ["GET", "/plans"],
  "plans.pause": ["POST", "/plans/{planId}/pause"],
  "plans.resume": ["POST", "/plans/{planId}/resume"],
  "plans.undo": ["POST", "/plans/{planId}/undo"],
  "position.changes": ["GET", "/position/{positionId}/changes"],
  "position.compare": ["GET", "/position/{positionId}/comparison"],
  "position.compute": ["POST", "/position/compute"],
  "position.get": ["GET", "/position/{positionId}"],
  "position.list": ["GET", "/position"],
  "position.seats": ["GET", "/position/{positionId}/seats"],
  "position.trend": ["GET", "/position/trend"],
  "product-access-groups.decide": ["PUT", "/sites/{siteId}/product-access-groups/{groupId}"],
  "product-access-groups.list": ["GET", "/sites/{siteId}/product-access-groups"],
  "reclamation-conditions.list": ["GET", "/reclamation-conditions"],
  "reclamation-rules.activate": ["POST", "/reclamation-rules/{ruleId}/activate"],
  "reclamation-rules.backtest": ["POST", "/reclamation-rules/backtest"],
  "reclamation-rules.backtest-saved": ["POST", "/reclamation-rules/{ruleId}/backtest"],
  "reclamation-rules.change": ["PATCH", "/reclamation-rules/{ruleId}"],
  "reclamation-rules.create": ["POST", "/reclamation-rules"],
  "reclamation-rules.delete": ["DELETE", "/reclamation-rules/{ruleId}"],
  "reclamation-rules.get": ["GET", "/reclamation-rules/{ruleId}"],
  "reclamation-rules.list": ["GET", "/reclamation-rules"],
  "reclamation-rules.pause": ["POST", "/reclamation-rules/{ruleId}/pause"],
  "reclamation-rules.report-only": ["POST", "/reclamation-rules/{ruleId}/report-only"],
  "reclamation-rules.simulate": ["POST", "/reclamation-rules/simulate"],
  "reclamation-rules.simulate-saved": ["POST", "/reclamation-rules/{ruleId}/simulate"],
  "restore.confirm": ["POST", "/restore/confirmation"],
  "runs.accept": ["POST", "/runs/{runId}/accept"],
  "runs.cancel": ["POST", "/runs/{runId}/cancel"],
  "runs.discard": ["POST", "/runs/{runId}/discard"],
  "runs.events": ["GET", "/runs/{runId}/events"],
  "runs.get": ["GET", "/runs/{runId}"],
  "runs.held-difference": ["GET", "/runs/{runId}/held-difference"],
  "runs.held-difference-summary": ["GET", "/runs/{runId}/held-difference/summary"],
  "runs.list": ["GET", "/runs"],
  "runs.listings": ["GET", "/runs/{runId}/listings"],
  "runs.log": ["GET", "/runs/{runId}/log"],
  "runs.request": ["POST", "/runs"],
  "sampleCompany.create": ["POST", "/sample-company"],
  "sampleCompany.get": ["GET", "/sample-company"],
  "sampleCompany.remove": ["DELETE", "/sample-company"],
  "search.all": ["GET", "/search"],
  "search.resolve": ["GET", "/resolve/{id}"],
  "search.resolve-pasted": ["GET", "/resolve"],
  "seats.facets": ["GET", "/seats/facets"],
  "seats.get": ["GET", "/seats/{seatId}"],
  "seats.list": ["GET", "/seats"],
  "seats.restore": ["POST", "/sites/{siteId}/accounts/{accountId}/restore"],
  "session.firstAdmin": ["POST", "/setup/admin"],
  "session.get": ["GET", "/session"],
  "session.link": ["POST", "/session/link"],
  "session.options": ["GET", "/sign-in"],
  "session.password": ["POST", "/session/password"],
  "session.signIn": ["POST", "/session"],
  "session.signOut": ["DELETE", "/session"],
  "session.welcome": ["POST", "/welcome"],
  "sessions.end": ["DELETE", "/sessions/{sessionId}"],
  "sessions.list": ["GET", "/sessions"],
  "settings.general": ["GET", "/settings/general"],
  "settings.get": ["GET", "/settings"],
  "settings.set-general": ["PUT", "/settings/general"],
  "settings.system": ["GET", "/settings/system"],
  "sign-in-settings.change": ["PUT", "/settings/sign-in"],
  "sign-in-settings.check": ["POST", "/settings/sign-in/check"],
  "sign-in-settings.get": ["GET", "/settings/sign-in"],
  "site-executors.choose": ["PUT", "/sites/{siteId}/executor"],
  "site-executors.get": ["GET", "/sites/{siteId}/executor"],
  "sites.get": ["GET", "/sites/{siteId}"],
  "sites.guest-limit": ["GET", "/sites/{siteId}/guest-limit"],
  "sites.guests": ["GET", "/sites/{siteId}/guests"],
  "sites.list": ["GET", "/sites"],
  "sites.serve-capability": ["PUT", "/sites/{siteId}/capabilities/{capability}"],
  "sites.set-mode": ["PUT", "/sites/{siteId}/mode"],
  "sources.list": ["GET", "/sources"],
  "sources.requirements": ["GET", "/sources/{source}/requirements"],
  "sources.understand-site": ["POST", "/site-addresses"],
  "space-rights.list": ["GET", "/space-rights"],
  "space-roles.list": ["GET", "/space-roles"],
  "spaces.access": ["GET", "/spaces/{spaceId}/access"],
  "spaces.facets": ["GET", "/spaces/facets"],
  "spaces.get": ["GET", "/spaces/{spaceId}"],
  "spaces.list": ["GET", "/spaces"],
  "spaces.permissions": ["GET", "/spaces/{spaceId}/permissions"],
  "status.get": ["GET", "/status"],
  "tokens.create": ["POST", "/tokens"],
  "tokens.get": ["GET", "/tokens/{tokenId}"],
  "tokens.list": ["GET", "/tokens"],
  "tokens.revoke": ["DELETE", "/tokens/{tokenId}"],
  "views.change": ["PATCH", "/views/{viewId}"],
  "views.create": ["POST", "/views"],
  "views.delete": ["DELETE", "/views/{viewId}"],
  "views.get": ["GET", "/views/{viewId}"],
  "views.list": ["GET", "/views"],
  "webhooks.change": ["PATCH", "/webhooks/{webhookId}"],
  "webhooks.create": ["POST", "/webhooks"],
  "webhooks.delete": ["DELETE", "/webhooks/{webhookId}"],
  "webhooks.deliveries": ["GET", "/webhooks/{webhookId}/deliveries"],
  "webhooks.get": ["GET", "/webhooks/{webhookId}"],
  "webhooks.list": ["GET", "/webhooks"],
  "webhooks.replay": ["POST", "/webhooks/{webhookId}/deliveries/{messageId}/replay"],
  "webhooks.rotate": ["POST", "/webhooks/{webhookId}/rotate"],
  "webhooks.test": ["POST", "/webhooks/{webhookId}/test"],
};
