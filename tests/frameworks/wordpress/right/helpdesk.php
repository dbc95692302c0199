<?php
/**
 * Plugin Name: Helpdesk
 */

const HELPDESK_SCRIPT = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';

function helpdesk_scripts() {
	wp_enqueue_script( 'chatkit', HELPDESK_SCRIPT, array(), null, true );
}
add_action( 'wp_enqueue_scripts', 'helpdesk_scripts' );

function helpdesk_shortcode() {
	ob_start();
	?>
	<openai-chatkit id="helpdesk" style="display: block; height: 600px"></openai-chatkit>
	<script>
		customElements.whenDefined( 'openai-chatkit' ).then( () => {
			const chat = document.getElementById( 'helpdesk' );
			chat.addEventListener( 'chatkit.thread.change', ( { detail } ) => {
				if ( detail.threadId ) localStorage.setItem( 'helpdesk', detail.threadId );
				else localStorage.removeItem( 'helpdesk' );
			} );
			chat.setOptions( {
				api: {
					url: <?php echo wp_json_encode( rest_url( 'helpdesk/v1/chatkit' ) ); ?>,
					domainKey: '<?php echo esc_js( get_option( 'helpdesk_key' ) ); ?>',
				},
				initialThread: localStorage.getItem( 'helpdesk' ),
				startScreen: {
					<?php if ( is_front_page() ) : ?>
					greeting: '<?php echo esc_js( get_bloginfo( 'name' ) ); ?>',
					<?php endif; ?>
					prompts: [ { label: 'Opening hours', prompt: 'When are you open?', icon: 'calendar' } ],
				},
			} );
		} );
	</script>
	<?php
	return ob_get_clean();
}
add_shortcode( 'helpdesk', 'helpdesk_shortcode' );
