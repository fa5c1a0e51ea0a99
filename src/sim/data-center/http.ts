import { html, type Reply, status } from "../http.ts";

const REASONS: Record<number, [exception: string, reason: string]> = {
  400: ["BadRequestException", "Bad Request"],
  402: ["LicenseLimitException", "Payment Required"],
  403: ["PermissionException", "Forbidden"],
  404: ["NotFoundException", "Not Found"],
  405: ["ReadOnlyException", "Method Not Allowed"],
  409: ["ConflictException", "Conflict"],
};

/** FACTS §9, first row, with what Data Center adds. */
export function restError(code: number, message: string): Reply {
  const [exception, reason] = REASONS[code] ?? ["ServiceException", "Internal Server Error"];
  return status(code, {
    statusCode: code,
    data: {
      authorized: code !== 403,
      valid: code !== 400,
      allowedInReadOnlyMode: code !== 405,
      errors: [],
      successful: false,
    },
    message: `com.atlassian.confluence.api.service.exceptions.${exception}: ${message}`,
    reason,
  });
}

/** No such resource in this version: said by the framework, not by Confluence. */
export function noSuchResource(uri: string): Reply {
  return status(404, { message: `null for uri: ${uri}`, "status-code": 404 });
}

/** From the servlet container, before Confluence sees anything. */
export function tomcatError(code: number, reason: string): Reply {
  const title = `HTTP Status ${code} – ${reason}`;
  return html(
    code,
    `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><hr class="line" /><h3>Apache Tomcat</h3></body></html>`,
  );
}

/** A wrong or missing credential: HTML, with the reason in a header (TRAPS §3). */
export function unauthorized(reason: "AUTHENTICATED_FAILED" | "OUT"): Reply {
  const page = html(
    401,
    "<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1><p>Encountered a &quot;401 - Unauthorized&quot; error while loading this page.</p></body></html>",
  );
  return {
    ...page,
    headers: { "x-seraph-loginreason": reason, "www-authenticate": 'OAuth realm="Confluence"' },
  };
}

/** What a secure administrator session asks before an administrative page is shown, with 200. */
export function administratorAccess(): Reply {
  return html(
    200,
    '<!doctype html><html><head><title>Administrator Access - Confluence</title></head><body><h1>Administrator Access</h1><form action="/doauthenticate.action" method="post"><input type="password" name="password"></form></body></html>',
  );
}

export function loginPage(): Reply {
  return html(200, "<!doctype html><html><head><title>Log In - Confluence</title></head><body></body></html>");
}
