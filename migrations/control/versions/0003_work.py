"""Work for later: jobs and timers, and the functions through which a tenant's login reaches its own.

A job goes queued -> published (handed to the broker) -> running (leased by an actor) -> done, or dead after too many
attempts; a person may then retry or discard it. The attempt number is the fencing token: whoever lost its lease to a
later attempt cannot finish the job.
The rows hold ids and times, never content.
"""

from alembic import op

revision = "0003_work"
down_revision = "0002_context"

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE control.job (
            id uuid PRIMARY KEY,
            tenant_id uuid NOT NULL REFERENCES control.tenant ON DELETE CASCADE,
            actor text NOT NULL,
            payload jsonb NOT NULL,
            dedupe_key text,
            queue text NOT NULL DEFAULT 'default',
            priority smallint NOT NULL DEFAULT 0,
            state text NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'published', 'running', 'done', 'dead', 'discarded')),
            attempts integer NOT NULL DEFAULT 0,
            run_at timestamptz NOT NULL,
            lease_until timestamptz,
            last_error text,
            trace text,
            created_at timestamptz NOT NULL,
            finished_at timestamptz,
            -- The key first: an index that begins with the tenant would tempt the planner to look for a tenant's due
            -- jobs among all those that are done.
            CONSTRAINT job_dedupe_key UNIQUE (dedupe_key, tenant_id)
        ) WITH (
            -- Every job is several versions of one row; dead ones must not pile up before the ones that are due.
            autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02
        );
        COMMENT ON COLUMN control.job.priority IS 'higher goes first among the jobs of one tenant';
        COMMENT ON COLUMN control.job.trace IS 'W3C traceparent of the transaction that enqueued it';
        CREATE INDEX job_ready ON control.job (tenant_id, priority DESC, run_at, id) WHERE state = 'queued';
        CREATE INDEX job_due ON control.job (run_at) WHERE state = 'queued';
        CREATE INDEX job_in_flight ON control.job (tenant_id, lease_until) WHERE state IN ('published', 'running');
        CREATE INDEX job_dead ON control.job (tenant_id, finished_at) WHERE state = 'dead';
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.job TO "{control}";

        -- Generations are unique over all timers, so a message about a timer that was cancelled and set anew is stale.
        CREATE SEQUENCE control.timer_generation;
        CREATE TABLE control.timer (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            tenant_id uuid NOT NULL REFERENCES control.tenant ON DELETE CASCADE,
            kind text NOT NULL,
            subject uuid NOT NULL,
            due_at timestamptz NOT NULL,
            generation bigint NOT NULL DEFAULT nextval('control.timer_generation'),
            queued_at timestamptz,
            fired_at timestamptz,
            UNIQUE (tenant_id, kind, subject)
        );
        COMMENT ON COLUMN control.timer.queued_at IS 'when the worker made a job of this generation';
        CREATE INDEX timer_due ON control.timer (due_at) WHERE queued_at IS NULL AND fired_at IS NULL;
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.timer TO "{control}";
        """
    )
    op.execute(
        f"""
        -- Returns the id of the job, the earlier one's if the tenant has already enqueued this key.
        CREATE FUNCTION control.enqueue(
            job_id uuid, actor text, payload jsonb, dedupe_key text, queue text, priority smallint,
            run_at timestamptz, trace text
        ) RETURNS uuid LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            found uuid;
        BEGIN
            INSERT INTO control.job AS j (
                id, tenant_id, actor, payload, dedupe_key, queue, priority, run_at, trace, created_at
            ) VALUES (
                job_id, control.own_tenant(), enqueue.actor, enqueue.payload, enqueue.dedupe_key, enqueue.queue,
                enqueue.priority, coalesce(enqueue.run_at, statement_timestamp()), enqueue.trace, statement_timestamp()
            )
            ON CONFLICT ON CONSTRAINT job_dedupe_key DO UPDATE SET dedupe_key = excluded.dedupe_key
            RETURNING j.id INTO found;
            -- Only a hint for the relay; equal notifications of one transaction are sent once.
            PERFORM pg_notify('anshou_job', '');
            RETURN found;
        END $$;

        -- Takes the lease of a job that nobody else holds: one row with the attempt number, or none.
        CREATE FUNCTION control.lease_job(job_id uuid, lease_for interval)
        RETURNS TABLE (actor text, payload jsonb, attempt integer, trace text) LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            RETURN QUERY
            UPDATE control.job AS j
            SET state = 'running', attempts = j.attempts + 1, lease_until = clock_timestamp() + lease_for
            WHERE j.id = job_id AND j.tenant_id = control.own_tenant()
              AND (j.state IN ('queued', 'published') OR j.state = 'running' AND j.lease_until < clock_timestamp())
            RETURNING j.actor, j.payload, j.attempts, j.trace;
        END $$;

        -- Marks the job done in the transaction of its effect. An error if a later attempt holds it by now, so that
        -- the effect is rolled back with it.
        CREATE FUNCTION control.finish_job(job_id uuid, attempt integer) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            UPDATE control.job AS j
            SET state = 'done', finished_at = clock_timestamp(), lease_until = NULL, last_error = NULL
            WHERE j.id = job_id AND j.tenant_id = control.own_tenant() AND j.state = 'running' AND j.attempts = attempt;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the lease of this job was lost' USING ERRCODE = 'serialization_failure';
            END IF;
        END $$;

        -- The tenant's dead letters, newest first.
        CREATE FUNCTION control.dead_jobs(at_most integer)
        RETURNS TABLE (
            id uuid, actor text, attempts integer, last_error text, created_at timestamptz, finished_at timestamptz
        )
        LANGUAGE plpgsql STABLE {DEFINER} AS $$
        BEGIN
            RETURN QUERY
            SELECT j.id, j.actor, j.attempts, j.last_error, j.created_at, j.finished_at FROM control.job AS j
            WHERE j.tenant_id = control.own_tenant() AND j.state = 'dead' ORDER BY j.finished_at DESC LIMIT at_most;
        END $$;

        -- Puts a dead letter back into the queue; false if it is not (or no longer) dead.
        CREATE FUNCTION control.retry_job(job_id uuid) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            UPDATE control.job AS j
            SET state = 'queued', attempts = 0, run_at = clock_timestamp(), lease_until = NULL, finished_at = NULL
            WHERE j.id = job_id AND j.tenant_id = control.own_tenant() AND j.state = 'dead';
            IF FOUND THEN
                PERFORM pg_notify('anshou_job', '');
            END IF;
            RETURN FOUND;
        END $$;

        -- Gives a dead letter up for good, by decision of a person; false if it is not (or no longer) dead.
        CREATE FUNCTION control.discard_job(job_id uuid) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            UPDATE control.job AS j SET state = 'discarded', finished_at = clock_timestamp()
            WHERE j.id = job_id AND j.tenant_id = control.own_tenant() AND j.state = 'dead';
            RETURN FOUND;
        END $$;

        CREATE FUNCTION control.set_timer(kind text, subject uuid, due_at timestamptz) RETURNS bigint
        LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            made bigint;
        BEGIN
            INSERT INTO control.timer AS t (tenant_id, kind, subject, due_at)
            VALUES (control.own_tenant(), set_timer.kind, set_timer.subject, set_timer.due_at)
            ON CONFLICT ON CONSTRAINT timer_tenant_id_kind_subject_key DO UPDATE
            SET due_at = excluded.due_at, generation = excluded.generation, queued_at = NULL, fired_at = NULL
            RETURNING t.generation INTO made;
            RETURN made;
        END $$;

        CREATE FUNCTION control.cancel_timer(kind text, subject uuid) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            DELETE FROM control.timer AS t
            WHERE t.tenant_id = control.own_tenant() AND t.kind = cancel_timer.kind
              AND t.subject = cancel_timer.subject;
            RETURN FOUND;
        END $$;

        -- Marks a timer fired in the transaction of its effect; false if it was set anew, cancelled or has fired.
        CREATE FUNCTION control.fire_timer(timer_id uuid, generation bigint) RETURNS boolean
        LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            UPDATE control.timer AS t SET fired_at = clock_timestamp()
            WHERE t.id = timer_id AND t.tenant_id = control.own_tenant()
              AND t.generation = fire_timer.generation AND t.fired_at IS NULL;
            RETURN FOUND;
        END $$;
        """
    )
